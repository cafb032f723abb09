update connect_attempts set code = '\x01', return_url = 'https://product.example.com/' where workspace_id = 'acme'
