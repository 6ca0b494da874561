import { styleText } from 'node:util';

/** Colours text for standard error, where progress and failures go; plain where that takes no colours. */
export function paint(colour: 'green' | 'yellow' | 'red' | 'dim', text: string): string {
  return styleText(colour, text, { stream: process.stderr });
}
