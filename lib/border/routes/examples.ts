/** Texts that models learn from: written, imported, listed, and the datasets of trainings; and files that take them along. */
import { z } from 'zod'
import { largestFile } from '@/lib/core/attachment'
import { canCorrect, canExport, canTrain } from '@/lib/features/accounts/permissions'
import { datasetPage, exampleDraft, examplePage, examplesToMove } from '@/lib/features/learning/input'
import { importExamples, removeExample, writeCase, writeExample } from '@/lib/flows/change-examples'
import { type ExportKind, exportDataset, exportExamples, exportKinds } from '@/lib/flows/export-examples'
import { moveExamples } from '@/lib/flows/move-examples'
import { readDatasets, readDatasetTexts } from '@/lib/flows/read-datasets'
import { readExamples } from '@/lib/flows/read-examples'
import type { Ctx } from '@/lib/platform/context'
import { idOf } from '../path-id'
import { type Call, defineRoute, Raw, Reply } from '../route'

const at = <P extends string>(path: P) => `/api/v1/:account/${path}` as const
const nothing = z.object({})
const trainers = { member: canTrain } as const

export const exportTypes: Record<ExportKind, string> = {
  jsonl: 'application/jsonl; charset=utf-8',
  csv: 'text/csv; charset=utf-8',
  parquet: 'application/vnd.apache.parquet',
  md: 'text/markdown; charset=utf-8',
}

/** A file for those who may take the account's data along. */
export const file = (
  path: string,
  name: string,
  type: string,
  make: (ctx: Ctx, call: Call) => Promise<string | Uint8Array>,
) =>
  defineRoute({
    method: 'GET',
    path: at(path),
    who: { member: canExport },
    limits: { body: 0, rate: [20, 60] },
    input: nothing,
    handle: async (ctx, _input, call) => {
      call.set('content-disposition', `attachment; filename="${name}"`)
      return new Raw(await make(ctx, call), type)
    },
  })

const examples = [
  defineRoute({ method: 'GET', path: at('examples'), who: trainers, input: examplePage, handle: readExamples }),
  defineRoute({
    method: 'POST',
    path: at('examples'),
    who: { member: canCorrect },
    input: exampleDraft,
    handle: async (ctx, input) => new Reply(201, await writeExample(ctx, input)),
  }),
  defineRoute({
    method: 'POST',
    path: at('cases'),
    who: trainers,
    input: exampleDraft,
    handle: async (ctx, input) => new Reply(201, await writeCase(ctx, input)),
  }),
  defineRoute({
    method: 'POST',
    path: at('examples/import'),
    who: { member: canCorrect },
    file: true,
    limits: { body: largestFile, rate: [20, 60] },
    input: nothing,
    handle: (ctx, _input, call) => importExamples(ctx, call.bytes),
  }),
  ...exportKinds.map((kind) =>
    file(`examples/export.${kind}`, `dataset.${kind}`, exportTypes[kind], (ctx) => exportExamples(ctx, { kind })),
  ),
  defineRoute({
    method: 'POST',
    path: at('examples/move'),
    who: trainers,
    input: examplesToMove,
    handle: moveExamples,
  }),
  defineRoute({
    method: 'DELETE',
    path: at('examples/:id'),
    who: trainers,
    input: nothing,
    handle: (ctx, _input, call) => removeExample(ctx, { id: idOf(call) }),
  }),
]

const datasets = [
  defineRoute({ method: 'GET', path: at('learning/datasets'), who: trainers, input: nothing, handle: readDatasets }),
  defineRoute({
    method: 'GET',
    path: at('learning/datasets/:id'),
    who: trainers,
    limits: { body: 0, rate: [60, 60] },
    input: datasetPage,
    handle: (ctx, { skip }, call) => readDatasetTexts(ctx, { id: idOf(call), skip }),
  }),
  ...exportKinds.map((kind) =>
    file(`learning/datasets/:id/export.${kind}`, `dataset.${kind}`, exportTypes[kind], (ctx, call) =>
      exportDataset(ctx, { id: idOf(call), kind }),
    ),
  ),
]

export const exampleRoutes = [...examples, ...datasets]
