export const screens = ['data', 'train', 'evaluate', 'errors', 'try', 'models'] as const;
export type Screen = (typeof screens)[number];

const firstScreen: Screen = 'data';

/** `#/train` names the screen `train`; anything unknown leads to the first one. */
export function screenOfHash(hash: string): Screen {
  const name = hash.replace(/^#\/?/, '');
  return screens.find((screen) => screen === name) ?? firstScreen;
}
