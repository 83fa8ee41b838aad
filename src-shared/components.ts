// Checks components against the engine's catalogue: the form says at once what is wrong, the command line and the
// training process refuse the same with the same words.
import type {
  Catalogue,
  Component,
  ComponentDescription,
  OptionDescription,
  OptionValue,
} from './schemas/component.ts';
import type { Recipe } from './schemas/recipe.ts';

/** What is wrong, and where: `layers.0.units`. */
export interface Problem {
  path: string;
  message: string;
}

/** What the option accepts, for the hint beside the field and for errors. */
export function describeRange(option: OptionDescription): string {
  switch (option.kind) {
    case 'integer':
      return `a whole number from ${option.minimum} to ${option.maximum}`;
    case 'number':
      return `a number from ${option.minimum} to ${option.maximum}`;
    case 'choice':
      return `one of ${option.choices.map((choice) => choice.value).join(', ')}`;
    case 'flag':
      return 'true or false';
  }
}

/** Whether the value is one that the option accepts. */
export function isAccepted(option: OptionDescription, value: OptionValue): boolean {
  switch (option.kind) {
    case 'integer':
    case 'number':
      return (
        typeof value === 'number' &&
        Number.isFinite(value) &&
        value >= option.minimum &&
        value <= option.maximum &&
        (option.kind === 'number' || Number.isInteger(value))
      );
    case 'choice':
      return option.choices.some((choice) => choice.value === value);
    case 'flag':
      return typeof value === 'boolean';
  }
}

export function findDescription(
  descriptions: readonly ComponentDescription[],
  type: string,
): ComponentDescription | undefined {
  return descriptions.find((description) => description.type === type);
}

/** A component with every option at its default. */
export function defaultComponent(description: ComponentDescription): Component {
  const component: Component = { type: description.type };
  for (const option of description.options) component[option.name] = option.default;
  return component;
}

/** The component with the options that it leaves out at their defaults. */
export function completeComponent(description: ComponentDescription, component: Component): Component {
  return { ...defaultComponent(description), ...component };
}

export function findComponentProblems(
  descriptions: readonly ComponentDescription[],
  component: Component,
  path: string,
): Problem[] {
  const description = findDescription(descriptions, component.type);
  if (description === undefined) {
    const known = descriptions.map((one) => one.type).join(', ');
    return [{ path: `${path}.type`, message: `there is no "${component.type}"; known are ${known}` }];
  }
  const problems: Problem[] = [];
  for (const option of description.options) {
    const value = component[option.name];
    if (value !== undefined && !isAccepted(option, value)) {
      problems.push({ path: `${path}.${option.name}`, message: `must be ${describeRange(option)}` });
    }
  }
  const known = new Set(['type', ...description.options.map((option) => option.name)]);
  for (const name of Object.keys(component)) {
    if (!known.has(name)) {
      problems.push({ path: `${path}.${name}`, message: `${component.type} has no option "${name}"` });
    }
  }
  return problems;
}

/** Everything that is wrong with a recipe that its schema can't know. Empty when the engine can train it. */
export function findRecipeProblems(catalogue: Catalogue, recipe: Recipe): Problem[] {
  return [
    ...recipe.layers.flatMap((layer, index) =>
      findComponentProblems(catalogue.layers, layer, `layers.${index}`),
    ),
    ...findComponentProblems(catalogue.initializers, recipe.initializer, 'initializer'),
    ...findComponentProblems(catalogue.initializers, recipe.biasInitializer, 'biasInitializer'),
    ...findComponentProblems(catalogue.optimizers, recipe.optimizer, 'optimizer'),
    ...findComponentProblems(catalogue.schedules, recipe.schedule, 'schedule'),
  ];
}
