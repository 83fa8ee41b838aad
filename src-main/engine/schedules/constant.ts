import { warmupOption, type Schedule } from './schedule.ts';

export const constant: Schedule = {
  description: {
    type: 'constant',
    label: 'Constant',
    help: 'The same rate all the way.',
    options: [warmupOption],
  },
  factor: () => 1,
};
