from reports.views.figures import download_figures, show_figures

__all__ = ["download_figures", "show_figures"]
