/** The `?` sheet: every shortcut from the registry, and the switch that turns single keys off. */
'use client'

import { useTranslations } from 'next-intl'
import { commandIds, commandOf } from '@/app/_ui/commands'
import { Dialog } from '@/app/_ui/dialog'
import { Field } from '@/app/_ui/field'
import { Switch } from '@/app/_ui/input'
import { Kbd, keyNames, useIsMac } from '@/app/_ui/kbd'
import { usePreferences } from '@/app/_ui/preferences'

const groups = ['general', 'go', 'list', 'conversation'] as const

export default function KeysSheet({ onClose }: { onClose: () => void }) {
  const t = useTranslations('desk')
  const { keys, change } = usePreferences()
  const mac = useIsMac()
  return (
    <Dialog open onOpenChange={(open) => !open && onClose()} title={t('keys.title')} size="wide">
      <Field
        inline
        label={t('user.shortcutsOn')}
        hint={keys ? t('keys.hint') : t('keys.off', { keys: keyNames('mod+/', mac).join('+') })}
        className="mb-4"
      >
        <Switch checked={keys} onChange={(event) => change({ keys: event.target.checked })} />
      </Field>
      <div className="gap-8 sm:columns-2">
        {groups.map((group) => (
          <section key={group} className="mb-4 break-inside-avoid">
            <h3 className="mb-1 text-xs text-ink-3">{t(`group.${group}`)}</h3>
            <dl>
              {commandIds
                .filter((id) => commandOf(id).group === group && commandOf(id).keys.length > 0)
                .map((id) => (
                  <div key={id} className="flex min-h-8 items-center justify-between gap-4 border-b border-line">
                    <dt>{t(`command.${id}`)}</dt>
                    <dd>
                      <Kbd keys={commandOf(id).keys[0] ?? ''} />
                    </dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  )
}
