// Makes a forked Node process look like a utility process from inside: messages come and go through
// `process.parentPort`, and the process ends with its parent.
import { EventEmitter } from 'node:events';

const send = process.send.bind(process);
const parentPort = Object.assign(new EventEmitter(), { postMessage: (message) => void send(message) });
process.on('message', (message) => parentPort.emit('message', { data: message, ports: [] }));
process.on('disconnect', () => process.exit(0));
process.send = undefined;
process.type = 'utility';
process.parentPort = parentPort;
