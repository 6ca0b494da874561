/** Shows how the start goes, in the form that suits who reads. */
import { boardLines, redraw } from './board.ts';
import type { Progress } from './fold.ts';
import type { Step } from './follow.ts';
import { heartbeat, plainLine } from './plain.ts';

/** `auto` is the board on a terminal and plain lines elsewhere. */
export const PROGRESS_MODES = ['auto', 'tty', 'plain', 'json', 'quiet'] as const;
export type ProgressMode = (typeof PROGRESS_MODES)[number];

/** Somebody who shows steps until told that the start is over. */
export interface Reporter {
  show(step: Step): void;
  end(): void;
}

const HEARTBEAT_MS = 30_000;
const REDRAW_MS = 100;
/** What a terminal is taken for that does not tell its size. */
const DEFAULT_WIDTH = 80;
const DEFAULT_HEIGHT = 24;

/** A reporter that writes to `out`; `start` is when the command began. */
export function createReporter(mode: ProgressMode, out: NodeJS.WriteStream, start: number): Reporter {
  switch (mode) {
    case 'auto':
      return out.isTTY ? board(out) : plain(out, start);
    case 'tty':
      return board(out);
    case 'plain':
      return plain(out, start);
    case 'json':
      return { show: ({ event }) => void (event && out.write(`${JSON.stringify(event)}\n`)), end: () => {} };
    case 'quiet':
      return { show: () => {}, end: () => {} };
  }
}

function plain(out: NodeJS.WriteStream, start: number): Reporter {
  let latest: Progress | undefined;
  const print = (lines: readonly string[]): void => lines.forEach((line) => out.write(`${line}\n`));
  const beat = setInterval(() => latest && print(heartbeat(latest, Date.now(), start)), HEARTBEAT_MS).unref();
  return {
    show({ progress, transitions }) {
      latest = progress;
      print(transitions.map((transition) => plainLine(progress, transition, start)));
    },
    end: () => clearInterval(beat),
  };
}

function board(out: NodeJS.WriteStream): Reporter {
  let latest: Progress | undefined;
  let drawn: readonly string[] = [];
  const draw = (): void => {
    if (latest === undefined) return;
    const [width, height] = [(out.isTTY && out.columns) || DEFAULT_WIDTH, (out.isTTY && out.rows) || DEFAULT_HEIGHT];
    // What has scrolled off the screen could not be drawn over.
    const lines = boardLines(latest, Date.now(), width).slice(0, height - 1);
    out.write(redraw(drawn, lines));
    drawn = lines;
  };
  const frame = setInterval(draw, REDRAW_MS).unref();
  return {
    show({ progress }) {
      latest = progress;
    },
    end() {
      clearInterval(frame);
      draw();
    },
  };
}
