/** What the config layer checks options with; by kind, as it stands in a resource value. */
import type { z } from 'zod';
import { jobOptions, serviceOptions } from './command/options.ts';
import { containerJobOptions, containerOptions } from './container/options.ts';
import { testcontainerOptions } from './testcontainer/options.ts';
import { customOptions } from './custom/options.ts';
import { dirOptions } from './dir/options.ts';
import { imageOptions } from './image/options.ts';
import { mockLlmOptions } from './llm/options.ts';
import { portsOptions } from './ports/options.ts';
import { postgresOptions } from './postgres/options.ts';
import { redisOptions } from './redis/options.ts';

export { probeSchema } from './probes/schema.ts';

export const optionSchemas: Readonly<Record<string, z.ZodType>> = {
  command: serviceOptions,
  job: jobOptions,
  container: containerOptions,
  containerJob: containerJobOptions,
  testcontainer: testcontainerOptions,
  custom: customOptions,
  dir: dirOptions,
  ports: portsOptions,
  postgres: postgresOptions,
  redis: redisOptions,
  mockLlm: mockLlmOptions,
  image: imageOptions,
};
