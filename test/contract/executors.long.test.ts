import { describeExecutor } from './executor-suite.ts';

describeExecutor('local, twenty of them and a driver that is killed', {
  on: () => ({ type: 'local', options: {} }),
  jobs: 20,
  seconds: 60,
});
