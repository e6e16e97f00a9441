/** Files that take longest begin first: one that begins last would have a core to itself while the other waits. */
import { BaseSequencer, type TestSpecification } from 'vitest/node'

/** Seconds to minutes each; the slowest first. */
const slow = [
  ...['processes/supervisor', 'hard/app-killed', 'hard/overload', 'hard/training-killed', 'hard/malformed'],
  ...['hard/rolling-restart', 'hard/webhooks-killed', 'hard/model-killed', 'hard/interleaved', 'hard/backup'],
  ...['hard/stripe-histories', 'hard/usage-told', 'hard/database-killed', 'hard/worker-killed', 'rules/tools'],
]

const rank = ({ moduleId }: TestSpecification): number => {
  const place = slow.findIndex((name) => moduleId.endsWith(`tests/${name}.test.ts`))
  return place < 0 ? slow.length : place
}

export class SlowestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    return (await super.sort(files)).sort((one, other) => rank(one) - rank(other))
  }
}
