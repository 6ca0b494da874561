import { z } from 'zod';

export const dirOptions = z.strictObject({});
