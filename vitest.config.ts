import { defineConfig } from 'vitest/config';
import { assemblyPlugin } from './scripts/assemblyPlugin.ts';

export default defineConfig({
  plugins: [assemblyPlugin()],
  test: {
    environment: 'node',
    pool: 'forks',
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['tests/unit/**/*.test.ts'],
          testTimeout: 20_000,
          sequence: { groupOrder: 0 },
        },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['tests/integration/**/*.test.ts'],
          // These train networks and drive browsers: one file at a time leaves each the whole machine.
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 1 },
        },
      },
      {
        extends: true,
        test: {
          // `npm run test:hostile`: minutes long, so no part of `npm test`, which runs a short form among the unit tests.
          name: 'hostile',
          include: ['tests/hostile/**/*.test.ts'],
          testTimeout: 30 * 60_000,
          sequence: { groupOrder: 3 },
        },
      },
      {
        extends: true,
        test: {
          name: 'faults',
          include: ['tests/faults/**/*.test.ts'],
          // They measure, suspend and kill what runs on this machine: one at a time.
          fileParallelism: false,
          testTimeout: 1_800_000,
          hookTimeout: 120_000,
          sequence: { groupOrder: 2 },
        },
      },
    ],
  },
});
