/** Tells Prisma's command line where the schema and the migrations are; the running app never reads this file. */
import { defineConfig } from 'prisma/config'

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
  // Only `prisma migrate …` needs a database; `generate` and `validate` run without one.
  datasource: { url: process.env.DATABASE_URL ?? 'postgresql://127.0.0.1:5432/lingxi' },
})
