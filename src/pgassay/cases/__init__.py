"""Cases: contract → what must happen. One module per kind; its docstring is its page."""
