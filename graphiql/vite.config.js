import { defineConfig } from 'vite';

export default defineConfig({
  root: import.meta.dirname,
  // Where the gateway serves it.
  base: '/graphiql/',
  logLevel: 'error',
  oxc: { jsx: { runtime: 'automatic' } },
  worker: { format: 'es' },
  build: {
    target: 'es2022',
    // The editor alone is larger than what this warns of.
    chunkSizeWarningLimit: 10_000,
    reportCompressedSize: false,
  },
});
