import { GreenroomError } from '../protocol/failure.ts';

/** @throws GreenroomError PLATFORM_UNSUPPORTED anywhere but on Linux and macOS. */
export function checkPlatform(platform: string = process.platform): void {
  if (platform === 'linux' || platform === 'darwin') return;
  throw new GreenroomError({
    code: 'PLATFORM_UNSUPPORTED',
    message: `Greenroom runs on Linux and macOS, not on ${platform}`,
    hint: platform === 'win32' ? 'run it inside WSL 2' : 'run it in a Linux container',
  });
}
