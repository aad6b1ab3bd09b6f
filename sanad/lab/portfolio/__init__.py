"""Which initiatives, and when: the best choice under budgets and crews, with its proof."""
