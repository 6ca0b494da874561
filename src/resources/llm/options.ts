import { z } from 'zod';
import { httpGateway } from '../gateway/options.ts';

export const mockLlmOptions = z.strictObject({ gateway: httpGateway.optional() });
