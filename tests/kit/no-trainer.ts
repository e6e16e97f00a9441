/** A trainer for tests that train nothing. */
import { type Trainer, TrainingFailed } from '@/lib/core/ports'

export const noTrainer: Trainer = {
  train: async () => {
    throw new TrainingFailed('failed', 'nothing is trained here')
  },
  read: async () => null,
  list: async () => [],
  remove: async () => {},
}
