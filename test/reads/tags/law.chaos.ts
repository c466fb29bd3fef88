import { describeLaw } from './law.js';

describeLaw({ changes: 2_000, readsPerChange: 20, timeoutMs: 1_200_000 });
