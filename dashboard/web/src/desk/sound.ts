// The desk's own bell: two tones for a red or orange case that nobody has acknowledged. Off until somebody switches it on.

const TONES: readonly { hertz: number; from_s: number }[] = [
  { hertz: 880, from_s: 0 },
  { hertz: 660, from_s: 0.22 },
]
const TONE_S = 0.2
const LOUDNESS = 0.12

let context: AudioContext | null = null

/** Ring once. Browsers allow it only after the user has touched the page; before that it stays silent. */
export function ring(): void {
  context ??= new AudioContext()
  if (context.state === 'suspended') void context.resume()
  for (const tone of TONES) {
    const begin = context.currentTime + tone.from_s
    const voice = context.createOscillator()
    const volume = context.createGain()
    voice.frequency.value = tone.hertz
    volume.gain.setValueAtTime(0, begin)
    volume.gain.linearRampToValueAtTime(LOUDNESS, begin + 0.02)
    volume.gain.linearRampToValueAtTime(0, begin + TONE_S)
    voice.connect(volume).connect(context.destination)
    voice.start(begin)
    voice.stop(begin + TONE_S)
  }
}
