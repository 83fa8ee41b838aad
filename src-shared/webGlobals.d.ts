// The few globals that Node and every browser share; nothing else of either is visible to shared code.
interface SharedTextEncoder {
  encode(text: string): Uint8Array<ArrayBuffer>;
}
interface SharedTextDecoder {
  decode(bytes: Uint8Array): string;
}
declare const TextEncoder: new () => SharedTextEncoder;
declare const TextDecoder: new (encoding: string, options: { fatal: boolean }) => SharedTextDecoder;
