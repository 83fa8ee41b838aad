interface MessageBoxOptions {
  message: string;
  detail?: string;
  buttons?: string[];
}

/** The message box that is open, and what closes it. */
let open: { options: MessageBoxOptions; answer: (response: number) => void } | undefined;

/** For tests: what the open message box says; undefined where none is open. */
export const messageBox = (): MessageBoxOptions | undefined => open?.options;

/** For tests: presses a button of the open message box. */
export function pressInMessageBox(button: string): void {
  const response = open?.options.buttons?.indexOf(button) ?? -1;
  if (open === undefined || response < 0) throw new Error(`No message box has a button "${button}".`);
  const { answer } = open;
  open = undefined;
  answer(response);
}

export const dialog = {
  showErrorBox(title: string, content: string): void {
    console.error(`${title}: ${content}`);
  },
  showMessageBox(options: MessageBoxOptions): Promise<{ response: number; checkboxChecked: boolean }> {
    return new Promise((resolve) => {
      open = { options, answer: (response) => resolve({ response, checkboxChecked: false }) };
    });
  },
};
