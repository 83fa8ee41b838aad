// The training process: trains one run, evaluates models or reads images to import, as the core asks. It ends when the core's process does.
import { serveTraining } from './trainingServer.ts';
import { connectToParent } from './parentPort.ts';

// Ctrl+C in a terminal reaches every process of it; the core decides what becomes of the run and then ends this one.
for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);

const parent = connectToParent();
parent.onGone(() => process.exit(0));
// The worker program is built beside this one.
serveTraining(parent, new URL('./worker.js', import.meta.url));
