// Which screen is shown; kept in the address's hash, so that a reload and the back button work.

export const screens = ['data', 'train', 'evaluate', 'errors', 'models'] as const;
export type Screen = (typeof screens)[number];

const firstScreen: Screen = 'data';

/** `#/train` names the screen `train`; anything unknown leads to the first one. */
export function screenOfHash(hash: string): Screen {
  const name = hash.replace(/^#\/?/, '');
  return screens.find((screen) => screen === name) ?? firstScreen;
}

class Navigation {
  screen = $state<Screen>(screenOfHash(location.hash));

  constructor() {
    addEventListener('hashchange', () => {
      this.screen = screenOfHash(location.hash);
    });
  }

  open(screen: Screen): void {
    location.hash = `#/${screen}`;
    this.screen = screen;
  }
}

export const navigation = new Navigation();
