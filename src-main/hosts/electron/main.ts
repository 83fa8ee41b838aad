import('electron').then(e=>console.log(e))
