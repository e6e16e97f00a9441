/** The command palette (Ctrl/⌘ K): everything this page can do now, by name. */
'use client'

import { Command } from 'cmdk'
import { useTranslations } from 'next-intl'
import { type CommandId, commandOf } from '@/app/_ui/commands'
import { Dialog } from '@/app/_ui/dialog'
import { KeyHint } from '@/app/_ui/kbd'
import { runCommand, useAvailableCommands } from '@/app/_ui/keyboard'

const groups = ['conversation', 'go', 'general'] as const

export default function Palette({ onClose }: { onClose: () => void }) {
  const t = useTranslations('desk')
  const available = useAvailableCommands().filter((id) => commandOf(id).palette)
  const run = (id: CommandId) => {
    onClose()
    // After the dialog has given the focus back, so that the command may take it.
    setTimeout(() => runCommand(id), 0)
  }
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={t('palette.title')}
      titleHidden
      className="mt-[12dvh] mb-auto max-w-xl"
    >
      <Command label={t('palette.title')} loop>
        <Command.Input
          autoFocus
          placeholder={t('palette.placeholder')}
          className="h-12 w-full border-b border-line bg-transparent px-4 text-base outline-none"
        />
        <Command.List className="max-h-96 overflow-y-auto p-1.5">
          <Command.Empty className="px-3 py-6 text-center text-ink-3">{t('palette.empty')}</Command.Empty>
          {groups.map((group) => {
            const ids = available.filter((id) => commandOf(id).group === group)
            if (ids.length === 0) return null
            return (
              <Command.Group key={group} heading={<span className="menu-label block">{t(`group.${group}`)}</span>}>
                {ids.map((id) => (
                  <Command.Item
                    key={id}
                    value={id}
                    keywords={[t(`command.${id}`)]}
                    onSelect={() => run(id)}
                    className="menu-item"
                  >
                    <span className="min-w-0 truncate">{t(`command.${id}`)}</span>
                    {commandOf(id).keys[0] ? <KeyHint keys={commandOf(id).keys[0] ?? ''} className="ms-auto" /> : null}
                  </Command.Item>
                ))}
              </Command.Group>
            )
          })}
        </Command.List>
      </Command>
    </Dialog>
  )
}
