/** The network of the introductory articles: word ids → Embedding → Flatten → Dense sigmoid, in tfjs. */
import { startBackend, tf } from '@/models/train/backend'

const LENGTH = 24
const WORDS = 1500
const WIDTH = 8
const EPOCHS = 10
const BATCH = 50

function words(text: string): string[] {
  return text.match(/[a-z]+|\p{Script=Han}/gu) ?? []
}

export async function floorBaseline(
  train: readonly { text: string; positive: boolean }[],
  test: readonly string[],
): Promise<number[]> {
  await startBackend()
  const ids = new Map<string, number>()
  for (const { text } of train) {
    for (const word of words(text)) if (!ids.has(word) && ids.size < WORDS - 1) ids.set(word, ids.size + 1)
  }
  const encode = (texts: readonly string[]) =>
    texts.flatMap((text) => {
      const line = words(text)
        .slice(0, LENGTH)
        .map((word) => ids.get(word) ?? 0)
      return [...line, ...new Array<number>(LENGTH - line.length).fill(0)]
    })
  const embedding = tf.variable(tf.randomUniform([WORDS, WIDTH], -0.05, 0.05, 'float32', 1))
  const dense = tf.variable(tf.randomNormal([LENGTH * WIDTH, 1], 0, 0.07, 'float32', 2))
  const bias = tf.variable(tf.zeros([1]))
  const optimizer = tf.train.adam(0.01)
  // An embedding is a product with one-hot rows; written so, every backend can train it.
  const logits = (numbers: number[]) => {
    const hot = tf.oneHot(tf.tensor1d(numbers, 'int32'), WORDS).toFloat() as import('@tensorflow/tfjs').Tensor2D
    const flat = tf.matMul(hot, embedding as never).reshape([numbers.length / LENGTH, LENGTH * WIDTH])
    return tf.add(tf.matMul(flat as never, dense as never), bias)
  }
  for (let epoch = 0; epoch < EPOCHS; epoch++) {
    for (let from = 0; from < train.length; from += BATCH) {
      const some = train.slice(from, from + BATCH)
      tf.tidy(() => {
        const wanted = tf.tensor2d(some.map(({ positive }) => [positive ? 1 : -1]))
        const step = () =>
          tf.mean(
            tf.log(tf.add(1, tf.exp(tf.neg(tf.mul(wanted, logits(encode(some.map(({ text }) => text)))))))),
          ) as never
        optimizer.minimize(step)
      })
    }
  }
  return tf.tidy(() => [...logits(encode(test)).dataSync()].map((logit) => (logit > 0 ? 1 : 0)))
}
