/** Hands bytes to the person as a file. */
export function saveFile(name: string, content: Blob): void {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

/** As a sheet opens it: with a mark that it is UTF-8. What a sheet would run as a formula is text. */
export function csv(rows: readonly (readonly string[])[]): Blob {
  const cell = (text: string): string => {
    const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return new Blob([`\ufeff${rows.map((r) => r.map(cell).join(",")).join("\r\n")}\r\n`], { type: "text/csv" });
}
