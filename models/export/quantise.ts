/** Eight-bit tables: each row keeps its own scale, so a rare n-gram is as precise as a common one. */
export interface QuantisedTable {
  values: Int8Array
  /** One per row. */
  scales: Float32Array
}

export function quantise(table: Float32Array, width: number): QuantisedTable {
  const rows = table.length / width
  const values = new Int8Array(table.length)
  const scales = new Float32Array(rows)
  for (let row = 0; row < rows; row++) {
    let top = 0
    for (let d = 0; d < width; d++) top = Math.max(top, Math.abs(table[row * width + d] as number))
    if (top === 0) continue
    const scale = Math.fround(top / 127)
    scales[row] = scale
    for (let d = 0; d < width; d++) values[row * width + d] = Math.round((table[row * width + d] as number) / scale)
  }
  return { values, scales }
}

export function dequantise(quantised: QuantisedTable, width: number): Float32Array {
  const table = new Float32Array(quantised.values.length)
  for (let at = 0; at < table.length; at++) {
    table[at] = (quantised.values[at] as number) * (quantised.scales[Math.floor(at / width)] as number)
  }
  return table
}
