import { expect, test } from 'vitest';
import { stepsOf, warmthOf } from '../../../../src/containers/build/build-log.ts';

test('podman: steps of the user, and those that were kept', () => {
  const id = 'a'.repeat(64);
  const log = `[1/2] STEP 1/2: FROM scratch AS early
[1/2] STEP 2/2: COPY a /a
[1/2] --> Using cache ${id}
--> 0123
[2/2] STEP 1/5: FROM 0123
[2/2] STEP 2/5: ARG WHO
[2/2] --> Using cache ${id}
[2/2] STEP 3/5: RUN echo "--> Using cache of its own"
--> Using cache of its own
--> 4567
[2/2] STEP 4/5: RUN true
[2/2] --> Using cache ${id}
[2/2] STEP 5/5: LABEL "dev.greenroom.digest"="ff"
[2/2] --> Using cache ${id}
COMMIT x`;
  expect(stepsOf(log)).toEqual({ steps: 3, cached: 2 });
});

test('BuildKit: vertices with a number, and those that were cached', () => {
  const log = `#1 [internal] load build definition from Dockerfile
#4 [1/3] FROM docker.io/library/node:22
#4 CACHED
#5 [internal] load build context
#6 [2/3] COPY a /a
#6 CACHED
#7 [early 3/3] RUN true
#7 0.2 something
#7 DONE 0.3s`;
  expect(stepsOf(log)).toEqual({ steps: 2, cached: 1 });
});

test('docker without BuildKit: steps, and those that were kept', () => {
  const log = `Sending build context to Docker daemon  2.048kB
Step 1/5 : FROM scratch
 --->
Step 2/5 : ARG WHO
 ---> Using cache
 ---> 0123
Step 3/5 : COPY a /a
 ---> Using cache
 ---> 4567
Step 4/5 : RUN true
 ---> Running in 89ab
Step 5/5 : LABEL dev.greenroom.digest=ff
 ---> Running in cdef`;
  expect(stepsOf(log)).toEqual({ steps: 2, cached: 1 });
});

test('cold is what had nothing to begin with', () => {
  expect([0, 1].map((cached) => warmthOf({ steps: 3, cached }))).toEqual(['cold', 'warm']);
});
