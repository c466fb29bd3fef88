/** Whether a name from a Host header is one that there could be; callers mostly name the same one. */
export class HostCheck {
  #lastSound = '';

  isSound(host: string): boolean {
    if (host === this.#lastSound) return true;
    if (!URL.canParse(`http://${host}/`)) return false;
    this.#lastSound = host;
    return true;
  }
}
