/** The dense part of a path in tfjs: (sums of rows) → bias → ReLU → softmax, or straight to softmax for the linear path. */
import { tf } from './backend'
import type { Random } from './random'

export interface DenseHead {
  /** Loss, and the gradient with respect to the sums; moves the head's own weights. */
  step(sums: Float32Array, targets: Float32Array, size: number, rate: number): { loss: number; gradient: Float32Array }
  weights(): { bias: Float32Array; out: Float32Array; outBias: Float32Array }
  dispose(): void
}

/** Mean cross-entropy with the short gradient (softmax − target) / n, which every backend can run. */
const crossEntropy = tf.customGrad((...args) => {
  const [logits, targets, save] = args as unknown as [tf.Tensor2D, tf.Tensor2D, (tensors: tf.Tensor[]) => void]
  const probabilities = tf.softmax(logits)
  save([probabilities, targets])
  const value = tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.log(tf.add(probabilities, 1e-9))), 1))) as tf.Scalar
  const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]) => {
    const [given, wanted] = saved as [tf.Tensor2D, tf.Tensor2D]
    return [tf.mul(dy, tf.div(tf.sub(given, wanted), given.shape[0])), tf.zerosLike(wanted)]
  }
  return { value, gradFunc }
})

export function linearHead(classes: number): DenseHead {
  const bias = tf.variable(tf.zeros([classes]))
  const optimizer = tf.train.adam(0.01)
  const run = tf.valueAndGrads(
    (sums, b, targets) => crossEntropy(tf.add(sums as tf.Tensor, b as tf.Tensor), targets as tf.Tensor) as tf.Scalar,
  )
  return {
    step(sums, targets, size, rate) {
      setRate(optimizer, rate)
      return tf.tidy(() => {
        const { value, grads } = run([tf.tensor2d(sums, [size, classes]), bias, tf.tensor2d(targets, [size, classes])])
        optimizer.applyGradients([{ name: bias.name, tensor: grads[1] as tf.Tensor }])
        return { loss: value.dataSync()[0] as number, gradient: (grads[0] as tf.Tensor).dataSync() as Float32Array }
      })
    },
    weights: () => ({
      bias: bias.dataSync().slice() as Float32Array,
      out: new Float32Array(0),
      outBias: new Float32Array(0),
    }),
    dispose() {
      bias.dispose()
      optimizer.dispose()
    },
  }
}

export function hiddenHead(hidden: number, classes: number, dropout: number, random: Random): DenseHead {
  const start = Float32Array.from({ length: hidden * classes }, () => random.normal() * Math.sqrt(1 / hidden))
  const bias = tf.variable(tf.zeros([hidden]))
  const out = tf.variable(tf.tensor2d(start, [hidden, classes]))
  const outBias = tf.variable(tf.zeros([classes]))
  const optimizer = tf.train.adam(0.001)
  const run = tf.valueAndGrads((...args) => {
    const [sums, mask, b, w, wb, targets] = args as tf.Tensor[]
    const inner = tf.mul(tf.relu(tf.add(sums as tf.Tensor, b as tf.Tensor)), mask as tf.Tensor)
    const logits = tf.add(tf.matMul(inner as tf.Tensor2D, w as tf.Tensor2D), wb as tf.Tensor)
    return crossEntropy(logits, targets as tf.Tensor) as tf.Scalar
  })
  return {
    step(sums, targets, size, rate) {
      setRate(optimizer, rate)
      const kept = new Float32Array(size * hidden)
      for (let at = 0; at < kept.length; at++) kept[at] = random.float() < dropout ? 0 : 1 / (1 - dropout)
      return tf.tidy(() => {
        const { value, grads } = run([
          tf.tensor2d(sums, [size, hidden]),
          tf.tensor2d(kept, [size, hidden]),
          bias,
          out,
          outBias,
          tf.tensor2d(targets, [size, classes]),
        ])
        optimizer.applyGradients([
          { name: bias.name, tensor: grads[2] as tf.Tensor },
          { name: out.name, tensor: grads[3] as tf.Tensor },
          { name: outBias.name, tensor: grads[4] as tf.Tensor },
        ])
        return { loss: value.dataSync()[0] as number, gradient: (grads[0] as tf.Tensor).dataSync() as Float32Array }
      })
    },
    weights: () => ({
      bias: bias.dataSync().slice() as Float32Array,
      out: out.dataSync().slice() as Float32Array,
      outBias: outBias.dataSync().slice() as Float32Array,
    }),
    dispose() {
      for (const variable of [bias, out, outBias]) variable.dispose()
      optimizer.dispose()
    },
  }
}

/** tfjs keeps the rate in a protected field without a setter; a schedule needs it. */
function setRate(optimizer: tf.Optimizer, rate: number): void {
  ;(optimizer as unknown as { learningRate: number }).learningRate = rate
}
