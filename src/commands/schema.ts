import { Command } from 'commander';
import { publishSchema } from '../language/schema/published-schema.ts';
import { pipelineSchema, tables } from '../language/schema/pipeline-schema.ts';
import { view } from '../language/schema/schema-view.ts';

/** `pipeline schema`: the JSON Schema of pipeline files, for editors. */
export function schemaCommand(): Command {
  return new Command('schema').description('Print the JSON Schema of pipeline files, for editors').action(() => {
    process.stdout.write(schemaText());
  });
}

/** The published schema, as schemas/pipeline.schema.json holds it. */
export function schemaText(): string {
  return `${JSON.stringify(publishSchema(view(pipelineSchema), tables), null, 2)}\n`;
}
