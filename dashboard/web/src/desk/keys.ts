// The desk's keys: single letters, never while somebody types or a dialog is open.
import { onBeforeUnmount, onMounted } from 'vue'

export interface DeskKeys {
  isBlocked: () => boolean
  move: (step: 1 | -1) => void
  open: () => void
  acknowledge: () => void
  help: () => void
}

const isBusy = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || ['INPUT', 'TEXTAREA', 'SELECT'].includes(target.tagName))

export function useDeskKeys(keys: DeskKeys): void {
  function pressed(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || isBusy(event.target) || keys.isBlocked()) return
    const isButton = event.target instanceof HTMLButtonElement
    if (event.key === 'j' || event.key === 'ArrowDown') keys.move(1)
    else if (event.key === 'k' || event.key === 'ArrowUp') keys.move(-1)
    else if (event.key === 'Enter' && !isButton) keys.open()
    else if (event.key === 'a' && !event.repeat) keys.acknowledge()
    else if (event.key === '?') keys.help()
    else return
    event.preventDefault()
  }

  onMounted(() => window.addEventListener('keydown', pressed))
  onBeforeUnmount(() => window.removeEventListener('keydown', pressed))
}
