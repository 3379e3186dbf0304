import { warning } from '../base/diagnostics.ts';
import { machinePart, section } from '../cache/fingerprints.ts';
import { evaluateStage } from './evaluate-stage.ts';
import { loadStage } from './load-stage.ts';
import { augmentedIn } from './augmented-pictures.ts';
import { picturesIn } from './pictures.ts';
import type { Stage } from './stage.ts';
import { bestEpoch, trainStage } from './train-stage.ts';
import { type Drawn, drawnForm, visualize } from './visualize.ts';

/** Draws the figures. */
export const visualizeStage: Stage<'visualize', Drawn> = {
  name: 'visualize',
  dependsOn: {
    visualize: section('visualize', 'what is drawn'),
    drawing: machinePart('drawing', 'another version may draw otherwise'),
  },
  needs: [loadStage],
  usesEngine: false,
  form: () => drawnForm,
  run: async ({ checked: { pipeline }, data, outcomeOf }) => {
    const { figures, reference } = pipeline.visualize;
    const loaded = await data();
    const pictures = picturesIn(loaded.dataset);
    const trained = outcomeOf(trainStage);
    const augmented = augmentedIn(loaded, pipeline, trained.history.length);
    const chartInput = {
      history: trained.history,
      ...bestEpoch(pipeline, trained),
      evaluation: outcomeOf(evaluateStage),
      seed: pipeline.seed,
      ...(pictures === undefined ? {} : { pictures }),
      ...(augmented === undefined ? {} : { augmented }),
      ...(loaded.shown === undefined ? {} : { shown: loaded.shown }),
      ...(reference === undefined ? {} : { reference }),
    };
    return visualize({ chartInput, figures });
  },
  summarize: ({ figures: { length } }) => `${length} ${length === 1 ? 'figure' : 'figures'} and report.html`,
  record: ({ leftOut }, { checked, emit }) => {
    if (checked.pipeline.visualize.figures === undefined) return;
    for (const { name, needs } of leftOut) {
      emit({
        type: 'diagnostic',
        diagnostic: warning('figure-left-out', `${name} is left out: it needs ${needs}`),
      });
    }
  },
  estimate: ({ seconds }) => seconds.visualize,
};
