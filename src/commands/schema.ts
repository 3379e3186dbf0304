import { Argument, Command } from 'commander';
import { publishSchema } from '../language/schema/published-schema.ts';
import { pipelineSchema, tables } from '../language/schema/pipeline-schema.ts';
import { view } from '../language/schema/schema-view.ts';
import { executors } from '../sweeps/executors.ts';
import { sweepSchema } from '../sweeps/sweep-schema.ts';

/** `pipeline schema`: the JSON Schema of pipeline files, or of sweep files, for editors. */
export function schemaCommand(): Command {
  return new Command('schema')
    .description('Print the JSON Schema of pipeline files, or of sweep files, for editors')
    .addArgument(new Argument('[kind]', 'of which files').choices(['pipeline', 'sweep']).default('pipeline'))
    .action((kind: string) => {
      process.stdout.write(kind === 'sweep' ? sweepSchemaText() : schemaText());
    });
}

/** The published schema, as schemas/pipeline.schema.json holds it. */
export function schemaText(): string {
  return `${JSON.stringify(publishSchema(view(pipelineSchema), tables), null, 2)}\n`;
}

/** The published schema of sweep files, as schemas/sweep.schema.json holds it. */
export function sweepSchemaText(): string {
  // What a file without a base needs, every sweep does: it has none.
  const { if: _, else: needed, ...rest } = publishSchema(view(sweepSchema), { executor: executors });
  return `${JSON.stringify({ ...rest, allOf: [needed] }, null, 2)}\n`;
}
