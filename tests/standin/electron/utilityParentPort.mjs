// Makes a forked Node process look like a utility process from inside: messages come and go through
// `process.parentPort`, and the process ends with its parent.
import { EventEmitter } from 'node:events';
import { isMainThread } from 'node:worker_threads';

function becomeUtilityProcess() {
  const send = process.send.bind(process);
  const parentPort = Object.assign(new EventEmitter(), { postMessage: (message) => void send(message) });
  // Messages wait until someone listens.
  parentPort.on('newListener', function begin(name) {
    if (name !== 'message') return;
    parentPort.off('newListener', begin);
    process.on('message', (message) => parentPort.emit('message', { data: message, ports: [] }));
  });
  process.on('disconnect', () => process.exit(0));
  process.send = undefined;
  process.type = 'utility';
  process.parentPort = parentPort;
}

// The threads of a utility process load this as well, and have no parent port.
if (isMainThread) becomeUtilityProcess();
