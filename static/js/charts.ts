export function drawCharts(root: Document): void {
  void root;
}
