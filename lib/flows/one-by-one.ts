/** Work for one account or person after another, in which one failure keeps nobody else's; the job hears of it at the end and comes again. */
import type { Services } from '@/lib/platform/context'

export interface OneByOne {
  /** False when it failed. @param whose ids, for the log */
  run(whose: Readonly<Record<string, string>>, work: () => Promise<void>): Promise<boolean>
  /** @throws the first failure */
  end(): void
}

export function oneByOne({ log }: Pick<Services, 'log'>): OneByOne {
  const failures: unknown[] = []
  return {
    run: (whose, work) =>
      work().then(
        () => true,
        (error) => {
          failures.push(error)
          log.warn({ ...whose, err: error }, 'failed, and goes on with the others')
          return false
        },
      ),
    end: () => {
      if (failures.length) throw failures[0]
    },
  }
}
