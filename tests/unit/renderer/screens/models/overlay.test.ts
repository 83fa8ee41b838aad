import { describe, expect, it } from 'vitest';
import {
  lastPosition,
  toOverlaySeries,
  toOverlayTable,
  toUniqueNames,
  type OverlaidRun,
} from '../../../../../src-renderer/screens/models/overlay.ts';
import { epochsOf } from '../../exampleEntries.ts';

const long: OverlaidRun = { name: 'long', place: 0, epochs: epochsOf([0.5, 0.6, 0.7]) };
const short: OverlaidRun = { name: 'short', place: 2, epochs: epochsOf([0.4, 0.65]) };

describe('the curves of several runs', () => {
  it('are validation by epoch, each in its own colour and shape', () => {
    const series = toOverlaySeries([long, short], 'accuracy', 'epochs', false);
    expect(series.map(({ name, x, y }) => [name, x, y])).toEqual([
      ['long', [1, 2, 3], [0.5, 0.6, 0.7]],
      ['short', [1, 2], [0.4, 0.65]],
    ]);
    expect(series.map(({ colour }) => colour)).toEqual(['--series-1', '--series-3']);
    expect(new Set(series.map(({ pointShape }) => pointShape)).size).toBe(2);
    expect(lastPosition([long, short], 'epochs')).toBe(3);
  });

  it('lie over the seconds that training took so far, if that is asked for', () => {
    const [ofLong] = toOverlaySeries([long], 'loss', 'seconds', false);
    expect(ofLong?.x).toEqual([2, 4, 6]);
    expect(ofLong?.y).toEqual([0.75, 0.65, 0.55]);
    expect(lastPosition([long, short], 'seconds')).toBe(6);
    expect(lastPosition([], 'seconds')).toBe(1);
  });

  it('have training behind them in the same colour, named apart', () => {
    const series = toOverlaySeries([short], 'accuracy', 'epochs', true);
    expect(series.map(({ name, colour, style, isInLegend }) => [name, colour, style, isInLegend])).toEqual([
      ['short, train', '--series-3', 'dashed', false],
      ['short', '--series-3', 'points', true],
    ]);
    expect(series[0]?.y).toEqual(short.epochs.map(({ trainAccuracy }) => trainAccuracy));
  });

  it('stand in a table by epoch, the latest first, with a dash where a run had ended', () => {
    expect(toOverlayTable([long, short], 'accuracy')).toEqual({
      columns: ['Epoch', 'long', 'short'],
      rows: [
        ['3', '70.00 %', '–'],
        ['2', '60.00 %', '65.00 %'],
        ['1', '50.00 %', '40.00 %'],
      ],
    });
  });

  it('go by names that differ', () => {
    expect(toUniqueNames(['a', 'b', 'a', 'a (2)', 'a'])).toEqual(['a', 'b', 'a (2)', 'a (2) (2)', 'a (3)']);
  });
});
