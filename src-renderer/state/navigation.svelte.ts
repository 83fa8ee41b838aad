// Which screen is shown; kept in the address's hash, so that a reload and the back button work.

import { screenOfHash, type Screen } from './screens.ts';

export type { Screen };

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
