/** The report of a version, which its training keeps whole. */
'use client'

import { ErrorState, SkeletonRows } from '@/app/_ui/states'
import type { RunReport } from '@/lib/features/learning/runs'
import { type LearningState, type SentVersion, useRun } from '../../../_data/learning'
import { Lineage } from './lineage'
import { Report } from './report'

export function ReportOf({ learning, version }: { learning: LearningState; version: SentVersion }) {
  const { data: run, error, refetch } = useRun(version.runId)
  if (run?.report)
    return (
      <>
        <Lineage run={run} version={version} learning={learning} />
        <Report learning={learning} version={version} report={run.report as unknown as RunReport} labels={run.labels} />
      </>
    )
  return error ? <ErrorState error={error} retry={() => refetch()} /> : <SkeletonRows rows={8} className="panel" />
}
