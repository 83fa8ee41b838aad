import { describe, expect, it } from 'vitest';
import { areInstalled } from '../../../scripts/prepare.mjs';

const wanted = {
  packages: {
    '': { version: '1.0.0' },
    'node_modules/a': { version: '1.2.3', integrity: 'sha512-a' },
    'node_modules/fsevents': { version: '2.0.0', integrity: 'sha512-f', optional: true },
  },
};
const a = { 'node_modules/a': { version: '1.2.3', integrity: 'sha512-a' } };

describe('whether the packages are installed', () => {
  it('is so when each of the lockfile is there, those of other platforms aside', () => {
    expect(areInstalled(wanted, { packages: a })).toBe(true);
  });

  it('is so without those that the lockfile itself calls extraneous, which npm ci leaves out', () => {
    const extra = { 'node_modules/b': { version: '1.0.0', integrity: 'sha512-b', extraneous: true } };
    expect(areInstalled({ packages: { ...wanted.packages, ...extra } }, { packages: a })).toBe(true);
  });

  it('is not so when one is missing, older, or of other content', () => {
    expect(areInstalled(wanted, { packages: {} })).toBe(false);
    const older = { 'node_modules/a': { version: '1.2.2', integrity: 'sha512-a' } };
    expect(areInstalled(wanted, { packages: older })).toBe(false);
    const other = { 'node_modules/a': { version: '1.2.3', integrity: 'sha512-b' } };
    expect(areInstalled(wanted, { packages: other })).toBe(false);
  });

  it('is not so when an optional one that is there is another version', () => {
    const fsevents = { 'node_modules/fsevents': { version: '1.0.0', integrity: 'sha512-g' } };
    expect(areInstalled(wanted, { packages: { ...a, ...fsevents } })).toBe(false);
  });
});
