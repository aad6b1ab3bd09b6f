"""What anybody may see without an account: services, prices, centres."""
