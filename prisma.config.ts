import { defineConfig } from 'prisma/config';

// Without DATABASE_URL the commands that need no database (generate, validate) still work.
export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/shop' },
});
