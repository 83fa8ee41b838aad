import { describe, expect, it } from 'vitest';
import { alignNetworks, findRecipeDifferences } from '../../../../src-renderer/format/recipeDifferences.ts';
import type { Component } from '../../../../src-shared/schemas/component.ts';
import type { Recipe } from '../../../../src-shared/schemas/recipe.ts';
import { catalogue, recipeOf } from '../exampleEntries.ts';

const recipe = recipeOf('keras-split');
const differences = (...others: Partial<Recipe>[]): [string, ...(string | null)[]][] =>
  findRecipeDifferences([recipe, ...others.map((changes) => ({ ...recipe, ...changes }))], catalogue).map(
    ({ label, values }) => [label, ...values],
  );

const dense = (units: number): Component => ({ type: 'dense', units });
const dropout: Component = { type: 'dropout', rate: 0.2 };

describe('the differences of recipes', () => {
  it('are none between equal ones, whatever their names, and where one leaves out what the other says', () => {
    const layers = [
      { type: 'dense', units: 128 },
      { type: 'dense', units: 64, activation: 'relu' },
    ];
    expect(differences({ name: 'another' })).toEqual([]);
    expect(differences({ layers })).toEqual([]);
  });

  it('name what differs, in the words of the form and in its order', () => {
    const changed = {
      epochs: 20,
      seed: 7,
      batchSize: 'full',
      validation: { type: 'first', count: 5000 },
      penalties: { l1: 0, l2: 0.0001 },
      weightAveraging: { decay: 0.999 },
    } as const;
    expect(differences(changed)).toEqual([
      ['Epochs', '10', '20'],
      ['Batch size', '32', 'all images'],
      ['Validation images', 'Part of every class', 'First images'],
      ['Share', '0.1', null],
      ['Images', null, '5,000'],
      ['L2', 'off', '0.0001'],
      ['Average weights', 'off', 'decay 0.999'],
      ['Seed', '1', '7'],
    ]);
  });

  it('show the options of another optimizer beside those that both have', () => {
    const rows = differences({ optimizer: { type: 'momentum', learningRate: 0.1, momentum: 0.95 } });
    expect(rows.slice(0, 2)).toEqual([
      ['Optimizer', 'Adam', 'Momentum'],
      ['Learning rate', '0.001', '0.1'],
    ]);
    expect(rows).toContainEqual(['Momentum', null, '0.95']);
    expect(rows.map(([label]) => label)).toEqual(expect.arrayContaining(['Beta 1', 'Beta 2']));
  });

  it('compare a layer that all have option by option, and one that some lack as a whole', () => {
    const layers = [{ type: 'dense', units: 256, activation: 'relu' }, dropout, dense(64)];
    expect(differences({ layers })).toEqual([
      ['Layer 1: Dense, units', '128', '256'],
      ['Layer 2: Dropout', null, 'Rate 0.2'],
    ]);
  });

  it('stand side by side for four recipes', () => {
    expect(differences({ epochs: 1 }, {}, { epochs: 3 })).toEqual([['Epochs', '10', '1', '10', '3']]);
  });
});

describe('laying networks side by side', () => {
  it('puts equal layers together even where others come before them', () => {
    expect(alignNetworks([[dense(128), dense(64)], [dense(64)]])).toEqual([
      [dense(128), null],
      [dense(64), dense(64)],
    ]);
  });

  it('keeps the order of each network, also of a third that has layers of its own', () => {
    const networks = [[dense(128)], [], [dropout, dense(128), dropout]];
    const places = alignNetworks(networks);
    expect(places).toEqual([
      [null, null, dropout],
      [dense(128), null, dense(128)],
      [null, null, dropout],
    ]);
    networks.forEach((layers, network) => {
      expect(places.map((place) => place[network]).filter((layer) => layer !== null)).toEqual(layers);
    });
  });
});
