import { z } from 'zod';

export const mockLlmOptions = z.strictObject({});
