/** Prisma's name for the seed: the same program that `npm start` runs on a fresh data folder. */
import '../lib/cli/seed'
