import { confusion } from './confusion/story.ts';
import { H3 } from './H3.ts';
import { I7 } from './I7.ts';
import { R1 } from './R1.ts';
import { R10 } from './R10.ts';
import { R11 } from './R11.ts';
import { R11b } from './R11b.ts';
import { R11c } from './R11c.ts';
import { R12 } from './R12.ts';
import { R13 } from './R13.ts';
import { R14 } from './R14.ts';
import { R15 } from './R15.ts';
import { R16 } from './R16.ts';
import { R1c } from './R1c.ts';
import { R1d } from './R1d.ts';
import { R17 } from './R17.ts';
import { R6 } from './R6.ts';
import { R7 } from './R7.ts';
import { R8 } from './R8.ts';
import { R8b } from './R8b.ts';
import { R18 } from './R18.ts';
import { R19 } from './R19.ts';
import { R2 } from './R2.ts';
import { R20 } from './R20.ts';
import { R21 } from './R21.ts';
import { R22 } from './R22.ts';
import { R23 } from './R23.ts';
import { R2b } from './R2b.ts';
import { R2c } from './R2c.ts';
import { R3 } from './R3.ts';
import type { Story } from './story.ts';

/** All stories, in the order of `docs/stories.md`. */
export const stories: readonly Story[] = [
  R1,
  R1c,
  R1d,
  R2,
  R2b,
  R2c,
  R3,
  R6,
  R7,
  R8,
  R8b,
  R10,
  R11,
  R11b,
  R11c,
  R12,
  R13,
  R14,
  R15,
  R16,
  R17,
  R18,
  R19,
  R20,
  R21,
  R22,
  R23,
  H3,
  I7,
  confusion,
];
