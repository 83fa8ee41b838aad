export interface MenuTemplateItem {
  label?: string;
  role?: string;
  type?: string;
  accelerator?: string;
  registerAccelerator?: boolean;
  click?: () => void;
  submenu?: MenuTemplateItem[];
}

let applicationMenu: Menu | null = null;

export class Menu {
  readonly items: readonly MenuTemplateItem[];

  private constructor(items: readonly MenuTemplateItem[]) {
    this.items = items;
  }

  static buildFromTemplate(template: readonly MenuTemplateItem[]): Menu {
    return new Menu(template);
  }

  static setApplicationMenu(menu: Menu | null): void {
    applicationMenu = menu;
  }

  static getApplicationMenu(): Menu | null {
    return applicationMenu;
  }
}

/** Chooses an item by the labels (or roles) on the way to it, as a person does. */
export function chooseFromMenu(labels: readonly string[]): void {
  let items: readonly MenuTemplateItem[] = applicationMenu?.items ?? [];
  let found: MenuTemplateItem | undefined;
  for (const label of labels) {
    found = items.find((item) => item.label === label || item.role === label);
    if (found === undefined) throw new Error(`The menu has no "${labels.join(' > ')}".`);
    items = found.submenu ?? [];
  }
  found?.click?.();
}
